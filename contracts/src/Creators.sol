// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Clones} from "@openzeppelin/contracts/proxy/Clones.sol";
import {IERC2981} from "@openzeppelin/contracts/interfaces/IERC2981.sol";
import {IERC165} from "@openzeppelin/contracts/utils/introspection/IERC165.sol";
import {IERC721} from "@openzeppelin/contracts/token/ERC721/IERC721.sol";
import {IERC721Metadata} from "@openzeppelin/contracts/token/ERC721/extensions/IERC721Metadata.sol";
import {ERC721Utils} from "@openzeppelin/contracts/token/ERC721/utils/ERC721Utils.sol";
import {Domain} from "./Domain.sol";
import {Demand, ICreators, Issue, IssueState, Right, Terms, Token} from "./ICreators.sol";
import {IPause} from "./IPause.sol";
import {IReputation} from "./IReputation.sol";
import {IVerdict} from "./IVerdict.sol";
import {Ledger} from "./Ledger.sol";
import {Metadata} from "./Metadata.sol";
import {Money} from "./Money.sol";
import {Signatures} from "./Signatures.sol";
import {Splits} from "./Splits.sol";
import {Till} from "./Till.sol";

/// @title Creators
/// @notice A creator issues a fixed number of tokens with rights, against stake and reputation; its patients share in it
/// (ERC-721, ERC-2981, ERC-4494).
/// @dev Invariants:
/// - an issue never has more tokens than its supply, which never changes, nor can it be opened twice;
/// - each right of each token that is not used up, and of each that can still be sold, is covered by stake of its creator;
/// - all promises of a creator are no more than what attesters trusted it with when it opened the last issue;
/// - a compensation comes out of the stake of that issue's creator, to the holder, once for a right, and never above it;
/// - for each currency, free and bound stakes and what is owed add up to no more than what is here;
/// - what a first sale brings is owed to the issue's {Till}, royalties are paid there: it knows the creator's and patients' parts;
/// - from each demand there is a way out that anyone can take after a time known before: silence is never the silent one's gain;
/// - a pause stops new issues and first sales and nothing else; there is no owner and no upgrade.
/// {buy} and {stake} take money last, and write all else before: a token that calls back finds nothing half done.
contract Creators is ICreators, IERC721Metadata, IERC2981, Ledger, Domain {
    /// @dev A demand that a panel decides.
    struct Case {
        uint256 tokenId;
        address panel;
    }

    /// @inheritdoc ICreators
    uint256 public constant MAX_RIGHTS = 16;
    /// @inheritdoc ICreators
    uint256 public constant MIN_WINDOW = 1 hours;
    /// @inheritdoc ICreators
    uint256 public constant MAX_WINDOW = 90 days;
    /// @inheritdoc ICreators
    uint256 public constant PANEL_SECONDS = 30 days;
    /// @inheritdoc ICreators
    uint256 public constant MAX_TIME = 1827 days; // five years

    bytes32 private constant ISSUE_TYPEHASH = keccak256(
        "Issue(address creator,address currency,uint96 price,uint16 supply,uint16 patientsBps,uint64 patientsTotal,uint64 saleEndsAt,uint64 until,uint32 honourWithin,address panel,bytes32 contentCommitment,bytes32 termsHash,bytes32 rightsHash,bytes32 patientsRoot,uint256 salt)"
    );
    bytes32 private constant CLOSE_TYPEHASH = keccak256("Close(uint256 issueId)");
    bytes32 private constant UNSTAKE_TYPEHASH =
        keccak256("Unstake(address currency,uint256 amount,uint256 nonce,uint256 deadline)");
    bytes32 private constant DEMAND_TYPEHASH =
        keccak256("Demand(uint256 tokenId,uint256 right,uint256 nonce,uint256 deadline)");
    bytes32 private constant RECEIPT_TYPEHASH = keccak256("Receipt(uint256 tokenId,uint256 right,uint256 nonce)");
    bytes32 private constant CONTEST_TYPEHASH = keccak256("Contest(bytes32 caseId,bytes32 evidenceHash)");
    bytes32 private constant PERMIT_TYPEHASH =
        keccak256("Permit(address spender,uint256 tokenId,uint256 nonce,uint256 deadline)");
    bytes4 private constant ERC4494_ID = 0x5604e225; // permit, nonces, DOMAIN_SEPARATOR
    uint256 private constant SERIAL = 0xffff; // bits of a token ID that are its number in the issue

    /// @inheritdoc ICreators
    uint256 public immutable PATIENTS_FLOOR_BPS;
    /// @inheritdoc ICreators
    uint256 public immutable BOND_FLOOR_BPS;

    IReputation private immutable REPUTATION;
    IPause private immutable PAUSE;
    address private immutable TILL = address(new Till());

    mapping(uint256 issueId => Issue) private _issues;
    mapping(uint256 issueId => address till) private _tills;
    mapping(uint256 tokenId => Token) private _tokens;
    mapping(address owner => uint256 count) private _balances;
    mapping(uint256 tokenId => address approved) private _approvals;
    mapping(address owner => mapping(address operator => bool approved)) private _operators;
    mapping(address creator => mapping(address currency => uint256 amount)) private _stakes;
    mapping(address creator => uint256 count) private _promises;
    mapping(address creator => uint256 count) private _unstakes;
    mapping(bytes32 caseId => Case) private _cases;

    /// @notice There is nothing else to set, now or later.
    /// @param reputation Whose words bound the promises of a creator.
    /// @param pause Asked before {open} and {buy}; zero if there is none.
    /// @param patientsFloorBps Least part of the patients, 1 to 10,000.
    /// @param bondFloorBps Least compensation of all rights of a token together, of its price.
    constructor(address reputation, address pause, uint256 patientsFloorBps, uint256 bondFloorBps) {
        if (patientsFloorBps == 0 || patientsFloorBps > Splits.WHOLE_BPS) revert BadTerms();
        REPUTATION = IReputation(reputation);
        PAUSE = IPause(pause);
        PATIENTS_FLOOR_BPS = patientsFloorBps;
        BOND_FLOOR_BPS = bondFloorBps;
    }

    /// @inheritdoc ICreators
    function open(Terms calldata terms, Right[] calldata rights, address[] calldata attesters, bytes calldata signature)
        external
        returns (uint256 issueId)
    {
        _requireRunning();
        bytes32 structHash = _hashTerms(terms);
        issueId = _idOf(structHash);
        Issue storage it = _issues[issueId];
        if (it.state != IssueState.None) revert AlreadyOpened(issueId);
        uint256 bonded = _checkTerms(terms, rights) * terms.supply;
        _checkSigned(terms.creator, structHash, signature);

        uint256 promises = _promises[terms.creator] + uint256(terms.supply) * rights.length;
        // As long as a demand of the last moment can be open. Bounded by {_checkTerms}.
        uint64 lastAt = terms.until + terms.honourWithin + uint64(PANEL_SECONDS);
        uint256 reputation = REPUTATION.weightOf(terms.creator, lastAt, attesters);
        if (promises > reputation) revert OverReputation(promises, reputation);
        _promises[terms.creator] = promises;
        _useStake(terms.creator, terms.currency, bonded);
        // At most 16 rights below 2^96 for each of fewer than 2^16 tokens.
        _issues[issueId] = Issue(IssueState.Open, uint8(rights.length), 0, 0, uint128(bonded));
        address till = Clones.cloneWithImmutableArgs(
            TILL, abi.encodePacked(terms.patientsRoot, terms.creator, terms.patientsBps, terms.patientsTotal)
        );
        _tills[issueId] = till;
        emit Opened(issueId, terms.creator, till, terms, rights);
    }

    /// @inheritdoc ICreators
    function buy(Terms calldata terms, address buyer) external payable returns (uint256 tokenId) {
        _requireRunning();
        if (buyer == address(0)) revert ZeroAddress();
        (uint256 issueId, Issue storage it) = _issueOf(terms);
        if (it.state != IssueState.Open) revert WrongState(issueId, it.state);
        if (block.timestamp > terms.saleEndsAt) revert TooLate(terms.saleEndsAt);
        uint16 serial = it.sold;
        if (serial == terms.supply) revert SoldOut(issueId);
        // Below the supply, which has 16 bits; and a balance cannot pass 2^256.
        unchecked {
            it.sold = ++serial;
            tokenId = issueId + serial;
            ++_balances[buyer];
        }
        _tokens[tokenId].owner = buyer;
        emit Transfer(address(0), buyer, tokenId);
        _owe(terms.currency, _tills[issueId], terms.price);
        emit Sold(issueId, tokenId, buyer, terms.price);
        Money.take(terms.currency, terms.price);
    }

    /// @inheritdoc ICreators
    function close(Terms calldata terms, Right[] calldata rights, bytes calldata signature) external {
        (uint256 issueId, Issue storage it) = _issueOf(terms);
        IssueState state = it.state;
        if (state == IssueState.Closed || state == IssueState.Ended) revert WrongState(issueId, state);
        if (state == IssueState.None || block.timestamp <= terms.saleEndsAt) {
            _checkSigned(terms.creator, keccak256(abi.encode(CLOSE_TYPEHASH, issueId)), signature);
        }
        if (state == IssueState.None) {
            it.state = IssueState.Ended;
            emit Closed(issueId, terms.supply);
            return;
        }
        uint256 unsold = terms.supply - it.sold;
        it.state = IssueState.Closed;
        _promises[terms.creator] -= unsold * rights.length;
        emit Closed(issueId, unsold);
        _free(terms, it, _bondOf(terms, rights) * unsold);
    }

    /// @inheritdoc ICreators
    function end(Terms calldata terms) external {
        (uint256 issueId, Issue storage it) = _issueOf(terms);
        IssueState state = it.state;
        if (state != IssueState.Open && state != IssueState.Closed) revert WrongState(issueId, state);
        if (block.timestamp <= terms.until) revert TooEarly(terms.until);
        if (it.demands != 0) revert DemandsOpen(it.demands);
        it.state = IssueState.Ended;
        // What a closed issue did not sell counts no more already.
        uint256 tokens = state == IssueState.Open ? terms.supply : it.sold;
        _promises[terms.creator] -= tokens * it.rights;
        emit Ended(issueId, it.bonded);
        _free(terms, it, it.bonded);
    }

    /// @inheritdoc ICreators
    function stake(address creator, address currency, uint128 amount) external payable {
        if (creator == address(0)) revert ZeroAddress();
        if (amount == 0) revert Nothing();
        _stakes[creator][currency] += amount;
        emit Staked(creator, currency, msg.sender, amount);
        Money.take(currency, amount);
    }

    /// @inheritdoc ICreators
    function unstake(address creator, address currency, uint256 amount, uint256 deadline, bytes calldata signature)
        external
    {
        if (amount == 0) revert Nothing();
        uint256 nonce = _unstakes[creator];
        _unstakes[creator] = nonce + 1;
        bytes32 structHash = keccak256(abi.encode(UNSTAKE_TYPEHASH, currency, amount, nonce, deadline));
        _checkSignedUntil(deadline, creator, structHash, signature);
        _useStake(creator, currency, amount);
        _owe(currency, creator, amount);
        emit Unstaked(creator, currency, amount);
    }

    /// @inheritdoc ICreators
    function demand(
        Terms calldata terms,
        Right[] calldata rights,
        uint256 tokenId,
        uint256 right,
        uint256 deadline,
        bytes calldata signature
    ) external {
        (Issue storage it, Token storage t) = _tokenOf(terms, tokenId);
        if (block.timestamp > terms.until) revert TooLate(terms.until);
        if (t.demand != Demand.None) revert DemandOpen(tokenId);
        _checkRight(terms, rights, t, tokenId, right);
        // A right that is not used up is not demanded again and again: as often as it can be due.
        if (!rights[right].once && block.timestamp <= t.dueAt) revert TooEarly(t.dueAt);
        bytes32 structHash = keccak256(abi.encode(DEMAND_TYPEHASH, tokenId, right, t.nonce, deadline));
        _checkSignedUntil(deadline, t.owner, structHash, signature);
        ++it.demands;
        uint24 nonce = ++t.nonce;
        uint40 dueAt = uint40(block.timestamp + terms.honourWithin);
        (t.right, t.demand, t.dueAt) = (uint8(right), Demand.Demanded, dueAt);
        emit Demanded(tokenId, t.owner, right, nonce, dueAt);
    }

    /// @inheritdoc ICreators
    function honour(
        Terms calldata terms,
        Right[] calldata rights,
        uint256 tokenId,
        uint256 right,
        bytes calldata signature
    ) external {
        (Issue storage it, Token storage t) = _tokenOf(terms, tokenId);
        if (it.state == IssueState.Ended) revert WrongState(tokenId & ~SERIAL, IssueState.Ended);
        _checkRight(terms, rights, t, tokenId, right);
        bool demanded = t.demand != Demand.None;
        // A standing right that was not asked for needs no receipt.
        if (demanded ? t.right != right : !rights[right].once) revert NotDemanded(tokenId, t.demand);
        _checkSigned(t.owner, keccak256(abi.encode(RECEIPT_TYPEHASH, tokenId, right, t.nonce)), signature);
        if (demanded) --it.demands;
        _honour(terms, rights[right], it, t, tokenId, right);
    }

    /// @inheritdoc ICreators
    function contest(Terms calldata terms, uint256 tokenId, bytes32 evidenceHash, bytes calldata signature)
        external
        returns (bytes32 caseId)
    {
        (, Token storage t) = _tokenOf(terms, tokenId);
        if (t.demand != Demand.Demanded) revert NotDemanded(tokenId, t.demand);
        if (terms.panel == address(0)) revert NoPanel();
        if (block.timestamp > t.dueAt) revert TooLate(t.dueAt);
        caseId = _caseOf(tokenId, t.nonce);
        _checkSigned(terms.creator, keccak256(abi.encode(CONTEST_TYPEHASH, caseId, evidenceHash)), signature);
        uint40 dueAt = uint40(block.timestamp + PANEL_SECONDS);
        (t.demand, t.dueAt) = (Demand.Contested, dueAt);
        _cases[caseId] = Case(tokenId, terms.panel);
        emit Contested(caseId, tokenId, terms.panel, evidenceHash, dueAt);
    }

    /// @inheritdoc IVerdict
    function decide(bytes32 caseId, bool right) external {
        Case memory c = _cases[caseId];
        if (msg.sender != c.panel) revert NotPanel(msg.sender);
        Token storage t = _tokens[c.tokenId];
        // A demand that was settled, and the next one's, have other states or cases.
        if (t.demand != Demand.Contested || _caseOf(c.tokenId, t.nonce) != caseId) {
            revert NotDemanded(c.tokenId, t.demand);
        }
        if (block.timestamp > t.dueAt) revert TooLate(t.dueAt);
        t.demand = right ? Demand.Upheld : Demand.Broken;
        emit Decided(caseId, right);
    }

    /// @inheritdoc ICreators
    function settle(Terms calldata terms, Right[] calldata rights, uint256 tokenId) external {
        (Issue storage it, Token storage t) = _tokenOf(terms, tokenId);
        (uint256 right, Demand state) = (t.right, t.demand);
        if (state == Demand.None) revert NotDemanded(tokenId, state);
        _checkRights(terms, rights);
        uint256 amount = rights[right].compensation;
        --it.demands;
        if (state == Demand.Upheld) {
            _honour(terms, rights[right], it, t, tokenId, right);
            return;
        }
        if (state != Demand.Broken && block.timestamp <= t.dueAt) revert TooEarly(t.dueAt);
        t.spent |= uint16(1 << right);
        (t.demand, t.dueAt) = (Demand.None, 0);
        // Bound at the opening, for this right of this token alone.
        it.bonded -= uint128(amount);
        address holder = t.owner;
        _owe(terms.currency, holder, amount);
        emit Compensated(tokenId, right, holder, amount);
    }

    /// @inheritdoc ICreators
    function permit(address spender, uint256 tokenId, uint256 deadline, bytes calldata signature) external {
        address owner = ownerOf(tokenId);
        if (block.timestamp > deadline) revert TooLate(deadline);
        Token storage t = _tokens[tokenId];
        // The nonce is in the case that a panel decides.
        if (t.demand != Demand.None) revert DemandOpen(tokenId);
        uint24 nonce = t.nonce;
        t.nonce = nonce + 1;
        bytes32 structHash = keccak256(abi.encode(PERMIT_TYPEHASH, spender, tokenId, nonce, deadline));
        if (!Signatures.signed(owner, _digest(structHash), signature)) revert BadSignature(owner);
        _approvals[tokenId] = spender;
        emit Approval(owner, spender, tokenId);
    }

    /// @inheritdoc IERC721
    function approve(address to, uint256 tokenId) external {
        address owner = ownerOf(tokenId);
        if (msg.sender != owner && !_operators[owner][msg.sender]) revert NotApproved(tokenId, msg.sender);
        _approvals[tokenId] = to;
        emit Approval(owner, to, tokenId);
    }

    /// @inheritdoc IERC721
    function setApprovalForAll(address operator, bool approved) external {
        if (operator == address(0)) revert ZeroAddress();
        _operators[msg.sender][operator] = approved;
        emit ApprovalForAll(msg.sender, operator, approved);
    }

    /// @inheritdoc IERC721
    function safeTransferFrom(address from, address to, uint256 tokenId) external {
        transferFrom(from, to, tokenId);
        ERC721Utils.checkOnERC721Received(msg.sender, from, to, tokenId, "");
    }

    /// @inheritdoc IERC721
    function safeTransferFrom(address from, address to, uint256 tokenId, bytes calldata data) external {
        transferFrom(from, to, tokenId);
        ERC721Utils.checkOnERC721Received(msg.sender, from, to, tokenId, data);
    }

    /// @inheritdoc ICreators
    function holds(Terms calldata terms, uint256 tokenId, uint256 right, address who) external view returns (bool) {
        (uint256 issueId, Issue storage it) = _issueOf(terms);
        Token storage t = _tokens[tokenId];
        return who != address(0) && t.owner == who && tokenId & ~SERIAL == issueId && right < it.rights
            && block.timestamp <= terms.until && t.spent >> right & 1 == 0;
    }

    /// @inheritdoc ICreators
    function issue(uint256 issueId) external view returns (Issue memory) {
        return _issues[issueId];
    }

    /// @inheritdoc ICreators
    function token(uint256 tokenId) external view returns (Token memory) {
        return _tokens[tokenId];
    }

    /// @inheritdoc ICreators
    function nonces(uint256 tokenId) external view returns (uint256) {
        ownerOf(tokenId);
        return _tokens[tokenId].nonce;
    }

    /// @inheritdoc ICreators
    function freeStake(address creator, address currency) external view returns (uint256) {
        return _stakes[creator][currency];
    }

    /// @inheritdoc ICreators
    function unstakes(address creator) external view returns (uint256) {
        return _unstakes[creator];
    }

    /// @inheritdoc ICreators
    function promisesOf(address creator) external view returns (uint256) {
        return _promises[creator];
    }

    /// @inheritdoc ICreators
    function tillOf(uint256 issueId) external view returns (address) {
        return _tills[issueId];
    }

    /// @inheritdoc ICreators
    function caseOf(uint256 tokenId) external view returns (bytes32) {
        return _caseOf(tokenId, _tokens[tokenId].nonce);
    }

    /// @inheritdoc ICreators
    function issueOf(Terms calldata terms) external view returns (uint256) {
        return _idOf(_hashTerms(terms));
    }

    /// @inheritdoc ICreators
    function hashIssue(Terms calldata terms) external view returns (bytes32) {
        return _digest(_hashTerms(terms));
    }

    /// @inheritdoc ICreators
    function DOMAIN_SEPARATOR() external view returns (bytes32) { // solhint-disable-line func-name-mixedcase
        return domainSeparator();
    }

    /// @inheritdoc IERC721
    function balanceOf(address owner) external view returns (uint256) {
        if (owner == address(0)) revert ZeroAddress();
        return _balances[owner];
    }

    /// @inheritdoc IERC721
    function getApproved(uint256 tokenId) external view returns (address) {
        ownerOf(tokenId);
        return _approvals[tokenId];
    }

    /// @inheritdoc IERC721
    function isApprovedForAll(address owner, address operator) external view returns (bool) {
        return _operators[owner][operator];
    }

    /// @inheritdoc IERC721Metadata
    function tokenURI(uint256 tokenId) external view returns (string memory) {
        ownerOf(tokenId);
        return Metadata.uri("SINSO creator token", "Rights that a creator promised, against its stake.", tokenId, 0);
    }

    /// @inheritdoc IERC2981
    /// @dev The receiver is the issue's till.
    function royaltyInfo(uint256 tokenId, uint256 salePrice) external view returns (address receiver, uint256 amount) {
        return (_tills[tokenId & ~SERIAL], Splits.portion(salePrice, Splits.ROYALTY_BPS));
    }

    /// @inheritdoc IERC721Metadata
    function name() external pure returns (string memory) {
        return "SINSO creators";
    }

    /// @inheritdoc IERC721Metadata
    function symbol() external pure returns (string memory) {
        return "SINSO-C";
    }

    /// @inheritdoc IERC165
    function supportsInterface(bytes4 interfaceId) external pure returns (bool) {
        return interfaceId == type(IERC165).interfaceId || interfaceId == type(IERC721).interfaceId
            || interfaceId == type(IERC721Metadata).interfaceId || interfaceId == type(IERC2981).interfaceId
            || interfaceId == ERC4494_ID;
    }

    /// @inheritdoc IERC721
    /// @dev A token with an open demand stays: who buys one gets what it saw.
    function transferFrom(address from, address to, uint256 tokenId) public {
        if (to == address(0)) revert ZeroAddress();
        Token storage t = _tokens[tokenId];
        address owner = t.owner;
        if (owner == address(0)) revert NoSuchToken(tokenId);
        if (owner != from) revert NotOwner(tokenId, from);
        if (t.demand != Demand.None) revert DemandOpen(tokenId);
        address approved = _approvals[tokenId];
        if (msg.sender != owner && msg.sender != approved && !_operators[owner][msg.sender]) {
            revert NotApproved(tokenId, msg.sender);
        }
        if (approved != address(0)) delete _approvals[tokenId];
        // `from` owns this token, so its balance is at least 1; the balances add up to the number of tokens.
        unchecked {
            --_balances[from];
            ++_balances[to];
        }
        t.owner = to;
        ++t.nonce;
        emit Transfer(from, to, tokenId);
    }

    /// @inheritdoc IERC721
    function ownerOf(uint256 tokenId) public view returns (address owner) {
        owner = _tokens[tokenId].owner;
        if (owner == address(0)) revert NoSuchToken(tokenId);
    }

    /// @dev Writes that a right was honoured. The caller has taken the demand off the issue's count.
    function _honour(
        Terms calldata terms,
        Right calldata r,
        Issue storage it,
        Token storage t,
        uint256 tokenId,
        uint256 right
    ) private {
        t.demand = Demand.None;
        if (r.once) t.spent |= uint16(1 << right);
        emit Honoured(tokenId, right);
        if (r.once) _free(terms, it, r.compensation);
    }

    /// @dev Binds or takes away free stake.
    function _useStake(address creator, address currency, uint256 amount) private {
        uint256 free = _stakes[creator][currency];
        if (amount > free) revert OverStake(amount, free);
        unchecked {
            _stakes[creator][currency] = free - amount;
        }
    }

    /// @dev Takes stake off an issue and gives it back to its creator's free stake.
    function _free(Terms calldata terms, Issue storage it, uint256 amount) private {
        it.bonded -= uint128(amount); // at most what was bound for it
        _stakes[terms.creator][terms.currency] += amount;
    }

    function _requireRunning() private view {
        if (address(PAUSE) != address(0)) PAUSE.check();
    }

    /// @dev Reverts unless the signer calls or signed.
    function _checkSigned(address signer, bytes32 structHash, bytes calldata signature) private view {
        if (msg.sender == signer) return;
        if (!Signatures.signed(signer, _digest(structHash), signature)) revert BadSignature(signer);
    }

    /// @dev The same, with a last moment to carry the signature.
    function _checkSignedUntil(uint256 deadline, address signer, bytes32 structHash, bytes calldata signature) private view {
        if (msg.sender != signer && block.timestamp > deadline) revert TooLate(deadline);
        _checkSigned(signer, structHash, signature);
    }

    /// @dev What each token binds, or a revert if the terms are out of bounds.
    function _checkTerms(Terms calldata terms, Right[] calldata rights) private view returns (uint256 bond) {
        if (
            terms.supply == 0 || terms.patientsBps < PATIENTS_FLOOR_BPS || terms.patientsBps > Splits.WHOLE_BPS
                || terms.patientsTotal == 0 || terms.patientsRoot == 0 || terms.saleEndsAt < block.timestamp
                || terms.until < terms.saleEndsAt || terms.until > block.timestamp + MAX_TIME
                || terms.honourWithin < MIN_WINDOW || terms.honourWithin > MAX_WINDOW
        ) revert BadTerms();
        if (rights.length == 0 || rights.length > MAX_RIGHTS) revert BadRights();
        bond = _bondOf(terms, rights);
        if (bond * Splits.WHOLE_BPS < terms.price * BOND_FLOOR_BPS) revert BadTerms();
    }

    /// @dev Reverts unless the token has this right and it is not used up.
    function _checkRight(
        Terms calldata terms,
        Right[] calldata rights,
        Token storage t,
        uint256 tokenId,
        uint256 right
    ) private view {
        _checkRights(terms, rights);
        if (right >= rights.length || t.spent >> right & 1 != 0) revert Spent(tokenId, right);
    }

    function _issueOf(Terms calldata terms) private view returns (uint256 issueId, Issue storage it) {
        issueId = _idOf(_hashTerms(terms));
        it = _issues[issueId];
    }

    /// @dev A token of the issue of these terms, or a revert.
    function _tokenOf(Terms calldata terms, uint256 tokenId) private view returns (Issue storage it, Token storage t) {
        uint256 issueId;
        (issueId, it) = _issueOf(terms);
        t = _tokens[tokenId];
        if (tokenId & ~SERIAL != issueId || t.owner == address(0)) revert NotInIssue(tokenId);
    }

    function _idOf(bytes32 structHash) private view returns (uint256) {
        return uint256(_digest(structHash)) & ~SERIAL;
    }

    function _hashTerms(Terms calldata terms) private pure returns (bytes32 hashed) {
        bytes32 typeHash = ISSUE_TYPEHASH;
        // keccak256(abi.encode(ISSUE_TYPEHASH, terms)): every field is static, so the struct is its own EIP-712 encoding.
        // A field that does not fit its type gives a hash that nobody signs, and cannot be read.
        assembly ("memory-safe") {
            let at := mload(0x40)
            mstore(at, typeHash)
            calldatacopy(add(at, 32), terms, 480) // 15 words
            hashed := keccak256(at, 512)
        }
    }

    function _caseOf(uint256 tokenId, uint256 nonce) private pure returns (bytes32) {
        return keccak256(abi.encode(tokenId, nonce));
    }

    /// @dev All compensations of a token.
    function _bondOf(Terms calldata terms, Right[] calldata rights) private pure returns (uint256 bond) {
        _checkRights(terms, rights);
        for (uint256 i = 0; i < rights.length; ++i) {
            bond += rights[i].compensation;
        }
    }

    function _checkRights(Terms calldata terms, Right[] calldata rights) private pure {
        if (keccak256(abi.encode(rights)) != terms.rightsHash) revert BadRights();
    }
}
