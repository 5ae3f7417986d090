// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC2981} from "@openzeppelin/contracts/interfaces/IERC2981.sol";
import {IERC165} from "@openzeppelin/contracts/utils/introspection/IERC165.sol";
import {IERC721} from "@openzeppelin/contracts/token/ERC721/IERC721.sol";
import {IERC721Metadata} from "@openzeppelin/contracts/token/ERC721/extensions/IERC721Metadata.sol";
import {ERC721Utils} from "@openzeppelin/contracts/token/ERC721/utils/ERC721Utils.sol";
import {IERC5192} from "./IERC5192.sol";
import {Deal, IExchange, TradeState} from "./IExchange.sol";
import {ILicences} from "./ILicences.sol";
import {Metadata} from "./Metadata.sol";

/// @title Licences
/// @notice Licences that were paid for (ERC-721, ERC-2981, ERC-5192). The Exchange deploys this contract and mints here.
/// @dev Invariants:
/// - a licence is minted once, when its trade is released, and is there as long as that is: nobody holds one that was not paid for;
/// - term and whether it can be passed on never change;
/// - one that is not transferable stays with its buyer for ever;
/// - it moves only by its owner's call, approval or signed order in the Exchange, and is not sold there once it is over.
/// The slot of its trade in the Exchange holds buyer, term and whether it can be passed on. Stored here are the balances, the owner of
/// what was passed on, and the asset of what can be; the rest was told when the trade was filled.
contract Licences is ILicences, IERC721Metadata, IERC2981, IERC5192 {
    IERC2981 private immutable ASSETS;
    address private immutable EXCHANGE = msg.sender;

    mapping(uint256 licenceId => address owner) private _moved; // of those that are not the buyer's any more, or again
    mapping(uint256 licenceId => uint256 assetId) private _assets; // of those that can be resold
    mapping(address owner => uint256 count) private _balances;
    mapping(uint256 licenceId => address approved) private _approvals;
    mapping(address owner => mapping(address operator => bool approved)) private _operators;

    /// @notice Made once, by the Exchange.
    /// @param assets The Assets contract, which tells the royalties.
    constructor(address assets) {
        ASSETS = IERC2981(assets);
    }

    /// @inheritdoc ILicences
    function mint(address buyer, uint256 licenceId, uint256 resold) external {
        if (msg.sender != EXCHANGE) revert NotExchange(msg.sender);
        // The Exchange has written who the buyer is, and a trade is released once.
        // A balance cannot pass 2^256: each licence is a trade, which costs a storage slot.
        unchecked {
            ++_balances[buyer];
        }
        emit Transfer(address(0), buyer, licenceId);
        if (resold != 0) _assets[licenceId] = resold;
        else emit Locked(licenceId);
    }

    /// @inheritdoc IERC721
    function approve(address to, uint256 licenceId) external {
        address owner = ownerOf(licenceId);
        if (msg.sender != owner && !_operators[owner][msg.sender]) revert NotApproved(licenceId, msg.sender);
        _approvals[licenceId] = to;
        emit Approval(owner, to, licenceId);
    }

    /// @inheritdoc IERC721
    function setApprovalForAll(address operator, bool approved) external {
        if (operator == address(0)) revert ZeroAddress();
        _operators[msg.sender][operator] = approved;
        emit ApprovalForAll(msg.sender, operator, approved);
    }

    /// @inheritdoc IERC721
    function safeTransferFrom(address from, address to, uint256 licenceId) external {
        transferFrom(from, to, licenceId);
        ERC721Utils.checkOnERC721Received(msg.sender, from, to, licenceId, "");
    }

    /// @inheritdoc IERC721
    function safeTransferFrom(address from, address to, uint256 licenceId, bytes calldata data) external {
        transferFrom(from, to, licenceId);
        ERC721Utils.checkOnERC721Received(msg.sender, from, to, licenceId, data);
    }

    /// @inheritdoc ILicences
    function untilOf(uint256 licenceId) external view returns (uint256) {
        (Deal memory deal,) = _held(licenceId);
        return deal.span == 0 ? 0 : deal.dueAt;
    }

    /// @inheritdoc ILicences
    function assetOf(uint256 licenceId) external view returns (uint256) {
        ownerOf(licenceId);
        return _assets[licenceId];
    }

    /// @inheritdoc IERC5192
    function locked(uint256 licenceId) external view returns (bool) {
        (Deal memory deal,) = _held(licenceId);
        return !deal.transferable;
    }

    /// @inheritdoc IERC2981
    /// @dev That of the asset. A licence that cannot be resold has none.
    function royaltyInfo(uint256 licenceId, uint256 salePrice) external view returns (address receiver, uint256 amount) {
        // No asset has the ID zero: it is a hash.
        uint256 assetId = _assets[licenceId];
        if (assetId == 0) return (address(0), 0);
        return ASSETS.royaltyInfo(assetId, salePrice);
    }

    /// @inheritdoc IERC721
    function balanceOf(address owner) external view returns (uint256) {
        if (owner == address(0)) revert ZeroAddress();
        return _balances[owner];
    }

    /// @inheritdoc IERC721
    function getApproved(uint256 licenceId) external view returns (address) {
        ownerOf(licenceId);
        return _approvals[licenceId];
    }

    /// @inheritdoc IERC721
    function isApprovedForAll(address owner, address operator) external view returns (bool) {
        return _operators[owner][operator];
    }

    /// @inheritdoc IERC721Metadata
    function tokenURI(uint256 licenceId) external view returns (string memory) {
        ownerOf(licenceId);
        return Metadata.pictured("SINSO licence", "A licence to use data that is not on the chain. The token ID is its trade.", licenceId, 0);
    }

    /// @inheritdoc ILicences
    function exchange() external view returns (address) {
        return EXCHANGE;
    }

    /// @inheritdoc IERC721Metadata
    function name() external pure returns (string memory) {
        return "SINSO licences";
    }

    /// @inheritdoc IERC721Metadata
    function symbol() external pure returns (string memory) {
        return "SINSO-L";
    }

    /// @inheritdoc IERC165
    function supportsInterface(bytes4 interfaceId) external pure returns (bool) {
        return interfaceId == type(IERC165).interfaceId || interfaceId == type(IERC721).interfaceId
            || interfaceId == type(IERC721Metadata).interfaceId || interfaceId == type(IERC2981).interfaceId
            || interfaceId == type(IERC5192).interfaceId;
    }

    /// @inheritdoc IERC721
    /// @dev The Exchange moves what its owner signed a sale of, if it still allows something. To give it away is free.
    function transferFrom(address from, address to, uint256 licenceId) public {
        (Deal memory deal, address owner) = _held(licenceId);
        if (owner != from) revert NotOwner(licenceId, from);
        if (!deal.transferable) revert NotTransferable(licenceId);
        if (to == address(0)) revert ZeroAddress();
        if (
            msg.sender != owner && msg.sender != EXCHANGE && _approvals[licenceId] != msg.sender
                && !_operators[owner][msg.sender]
        ) revert NotApproved(licenceId, msg.sender);
        if (msg.sender == EXCHANGE && !_stands(deal)) revert LicenceOver(licenceId);
        delete _approvals[licenceId];
        // The owner has at least this one, and a balance cannot pass 2^256.
        unchecked {
            --_balances[from];
            ++_balances[to];
        }
        _moved[licenceId] = to;
        emit Transfer(from, to, licenceId);
    }

    /// @inheritdoc ILicences
    function allows(uint256 licenceId, address who) public view returns (bool) {
        Deal memory deal = _deal(licenceId);
        return who != address(0) && _ownerOf(licenceId, deal) == who && _stands(deal);
    }

    /// @inheritdoc IERC721
    function ownerOf(uint256 licenceId) public view returns (address owner) {
        (, owner) = _held(licenceId);
    }

    /// @dev The trade of a licence and who owns it, or a revert if there is none.
    function _held(uint256 licenceId) private view returns (Deal memory deal, address owner) {
        deal = _deal(licenceId);
        owner = _ownerOf(licenceId, deal);
        if (owner == address(0)) revert NoSuchLicence(licenceId);
    }

    function _deal(uint256 licenceId) private view returns (Deal memory) {
        return IExchange(EXCHANGE).trade(bytes32(licenceId));
    }

    /// @dev Who owns a licence: its buyer until it is passed on. Zero if it is not released, or was refunded or halved.
    function _ownerOf(uint256 licenceId, Deal memory deal) private view returns (address owner) {
        if (deal.state != TradeState.Released) return address(0);
        owner = _moved[licenceId];
        if (owner == address(0)) owner = address(deal.mark);
    }

    /// @dev Whether what was released still allows something: its term is not over, and the seller has not revoked.
    function _stands(Deal memory deal) private view returns (bool) {
        return !deal.revoked && (deal.span == 0 || block.timestamp <= deal.dueAt);
    }
}
