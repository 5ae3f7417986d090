// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title IIdentity
/// @notice One token per person, which cannot move (ERC-721, ERC-5192). Guardians can recover it to a new address.
interface IIdentity {
    /// @notice The owner named guardians, or none (zero). What they had signed is worth nothing now.
    event GuardiansNamed(uint256 indexed tokenId, bytes32 guardiansHash, uint32 delay, uint32 epoch);
    /// @notice A recovery began. The owner can stop it, also after `readyAt` (unix seconds) until somebody finishes it.
    event RecoveryBegun(uint256 indexed tokenId, address indexed to, uint64 readyAt, uint32 epoch);
    /// @notice The owner stopped a recovery.
    event RecoveryStopped(uint256 indexed tokenId, uint32 epoch);
    /// @notice The token is its person's at a new address. With {IERC721-Transfer}.
    event Recovered(uint256 indexed tokenId, address indexed from, address indexed to, uint32 epoch);

    /// @notice `owner` already has, or had, an identity token: one for ever.
    error AlreadyEntered(address owner);
    /// @notice The delay is not between {MIN_DELAY} and {MAX_DELAY}.
    error BadDelay();
    /// @notice These are not the named guardians, or the list is empty, not in ascending order, too long, or asks for no
    /// signature or for more than there are guardians.
    error BadGuardians();
    /// @notice `owner` did not sign this entry.
    error BadSignature(address owner);
    /// @notice No recovery is on its way.
    error NoRecovery(uint256 tokenId);
    /// @notice The token does not exist.
    error NoSuchToken(uint256 tokenId);
    /// @notice The signed statement was to be carried no later than `until`, unix seconds.
    error Over(uint64 until);
    /// @notice Identity tokens do not move and cannot be approved.
    error Soulbound();
    /// @notice The recovery can be finished after `readyAt`, unix seconds.
    error TooEarly(uint64 readyAt);
    /// @notice Fewer guardians signed than have to.
    error TooFewGuardians(uint256 signed, uint256 threshold);
    /// @notice ERC-721 asks for a revert when the zero address is asked for.
    error ZeroAddress();

    /// @notice Mints the identity token of `owner`, who signed `Entry(address owner)` (EIP-712 or ERC-1271). Anyone may
    /// carry it and pay the gas.
    /// @return tokenId What {tokenOf} says of `owner`.
    function enter(address owner, bytes calldata signature) external returns (uint256 tokenId);

    /// @notice Names the guardians of a token, in place of those before, and stops a recovery. The caller is the owner, or
    /// anyone who carries its signature of
    /// `Guardians(uint256 tokenId,bytes32 guardiansHash,uint32 delay,uint32 epoch,uint64 until)`.
    /// @param guardiansHash What {hashGuardians} says, or zero for no guardians. Who they are stays unknown until they act.
    /// @param delay How long the owner can stop a recovery, in seconds; {MIN_DELAY} to {MAX_DELAY}.
    /// @param until Unix seconds; not looked at, as the signature, if the owner itself calls.
    function nameGuardians(uint256 tokenId, bytes32 guardiansHash, uint32 delay, uint64 until, bytes calldata signature)
        external;

    /// @notice Begins to recover a token to a new address. Anyone may carry it. As many guardians as have to, and the new
    /// address, signed `Recovery(uint256 tokenId,address to,uint32 epoch,uint64 until)`.
    /// @dev It takes the place of a recovery that is on its way: one that could not be finished must not bar another.
    /// @param to Where no identity is, nor ever was.
    /// @param accepted The signature of `to`: nobody is given an identity that it does not want.
    /// @param threshold As it was hashed by {hashGuardians}, as the next two.
    /// @param signatures One for each guardian in their order; empty for one who did not sign.
    function recover(
        uint256 tokenId,
        address to,
        uint64 until,
        bytes calldata accepted,
        uint256 threshold,
        address[] calldata guardians,
        bytes32 salt,
        bytes[] calldata signatures
    ) external;

    /// @notice Stops a recovery. The caller is the owner, or anyone who carries its signature of
    /// `Stop(uint256 tokenId,uint32 epoch,uint64 until)`.
    /// @param until Unix seconds; not looked at, as the signature, if the owner itself calls.
    function stop(uint256 tokenId, uint64 until, bytes calldata signature) external;

    /// @notice Finishes a recovery that was not stopped in its delay. Anyone may.
    function finish(uint256 tokenId) external;

    /// @notice The token that an address owns, or zero. After a recovery it is not what {tokenOf} says.
    function identityOf(address owner) external view returns (uint256 tokenId);

    /// @notice How a token is guarded.
    /// @return guardiansHash As named, or zero.
    /// @return delay In seconds.
    /// @return epoch What signatures have to name; it rises with each of GuardiansNamed, RecoveryBegun, RecoveryStopped
    /// and Recovered.
    function guardiansOf(uint256 tokenId) external view returns (bytes32 guardiansHash, uint32 delay, uint32 epoch);

    /// @notice The recovery that is on its way, or zeros.
    function recoveryOf(uint256 tokenId) external view returns (address to, uint64 readyAt);

    /// @notice keccak256(abi.encode(threshold, guardians, salt)), or a revert if nobody could recover by them.
    /// @param threshold How many have to sign.
    /// @param guardians 1 to 64, in ascending order.
    /// @param salt Random: so that nobody finds them by trying.
    function hashGuardians(uint256 threshold, address[] calldata guardians, bytes32 salt)
        external
        pure
        returns (bytes32 guardiansHash);

    /// @notice The token ID of who enters at an address, whether it was entered or not:
    /// keccak256(abi.encode(keccak256("sinso/identity/v1"), owner)).
    function tokenOf(address owner) external pure returns (uint256 tokenId);
}
